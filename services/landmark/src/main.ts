import { runStageProcess } from '@mien/service';
import { landmarkFactory } from './stage';

void runStageProcess(landmarkFactory, process.env);
