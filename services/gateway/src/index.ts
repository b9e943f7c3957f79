export { type GatewayConfig, gatewayConfigSchema } from './config';
export { type RunningGateway, startGateway } from './gateway';
