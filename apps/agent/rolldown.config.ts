import { defineConfig } from 'rolldown';

/** The agent as one file for its image. Packages with native code stay outside: they lie in node_modules beside it. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  external: ['koffi', 'node-datachannel', /^node:/],
  output: { file: 'dist/agent.js', format: 'esm', sourcemap: false, minify: false, codeSplitting: false },
});
