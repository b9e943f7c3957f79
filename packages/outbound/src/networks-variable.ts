import { z } from 'zod';
import { type Network, parseNetwork } from './address-rules';

/** A variable that names networks, separated by commas: 10.1.0.0/16,fd00:1::/64. None unless given. */
export const networksVariable = z.string().default('').transform(networksIn);

function networksIn(text: string, context: z.RefinementCtx): Network[] {
  const networks: Network[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') {
      continue;
    }
    try {
      networks.push(parseNetwork(part));
    } catch {
      context.addIssue({ code: 'custom', message: `${part} is not a network such as 10.1.0.0/16` });
    }
  }
  return networks;
}
