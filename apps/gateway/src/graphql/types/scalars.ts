import { apiError } from '../api-error.ts';
import { builder } from '../builder.ts';

builder.scalarType('DateTime', {
  description: 'A moment as RFC 3339 writes it.',
  serialize: (value) => value,
});

builder.scalarType('Quantity', {
  description: 'An amount as Kubernetes writes it: `2`, `"500m"`, `"4Gi"`.',
  serialize: (value) => value,
  // What units there are, the API server knows; it takes whole numbers and texts.
  parseValue(value) {
    if (typeof value === 'number') return Number.isInteger(value) ? value : String(value);
    if (typeof value === 'string') return value;
    throw apiError('BAD_USER_INPUT', 'An amount is a number such as 2, or a text such as "500m" or "4Gi"');
  },
});
