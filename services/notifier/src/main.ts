import { runUntilSignal } from '@mien/service';
import { startNotifierProcess } from './notifier-process';

void runUntilSignal('notifier', () => startNotifierProcess(process.env));
