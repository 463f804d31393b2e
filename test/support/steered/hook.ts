import { registerHooks } from 'node:module';

/** Before `src/main.ts` (`node --import`): the app it builds is {@link file://./app.ts}, which a test can steer. The product knows nothing of it. */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === './app.ts' && context.parentURL?.endsWith('/src/main.ts')
      ? { url: new URL('./app.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
