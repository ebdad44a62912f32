export { makeTemplateEngine, type TemplateEngineOptions } from './engine.ts';
export { UndefinedProblem } from './evaluate.ts';
