import { runStageProcess } from '@mien/service';
import { embedderFactory } from './stage';

void runStageProcess(embedderFactory, process.env);
