import { runUntilSignal } from '@mien/service';
import { startLibraryProcess } from './library-process';

void runUntilSignal('library', () => startLibraryProcess(process.env));
