import { runUntilSignal } from '@mien/service';
import { startGatewayProcess } from './gateway-process';

void runUntilSignal('gateway', () => startGatewayProcess(process.env));
