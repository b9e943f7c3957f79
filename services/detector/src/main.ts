import { runStageProcess } from '@mien/service';
import { detectorFactory } from './stage';

void runStageProcess(detectorFactory, process.env);
