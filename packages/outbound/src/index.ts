export { mayReach, type Network, parseNetwork } from './address-rules';
export { forbiddenWithin } from './forbidden';
export { guardedLookup, type Resolve } from './guarded-lookup';
export { networksVariable } from './networks-variable';
export { parseOutboundUrl } from './outbound-url';
