#!/usr/bin/env node
import { run, type StricliProcess } from '@stricli/core';
import { app } from './app.ts';
import { defaultStateDirectory, imageCacheDirectory } from './config.ts';

await run(app, process.argv.slice(2), {
  process: process as StricliProcess,
  defaultStateDirectory: defaultStateDirectory(process.env),
  imageCacheDirectory: imageCacheDirectory(process.env),
  isTerminal: process.stderr.isTTY,
});
