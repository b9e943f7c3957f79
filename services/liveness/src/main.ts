import { runStageProcess } from '@mien/service';
import { livenessFactory } from './stage';

void runStageProcess(livenessFactory, process.env);
