import { runStageProcess } from '@mien/service';
import { attributesFactory } from './stage';

void runStageProcess(attributesFactory, process.env);
