import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: ['node_modules', 'cdk.out', 'demo-output', 'coverage', 'dist', 'api', 'reports', '.stryker-tmp'],
  },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Numbers are allowed in template strings ("3 sessions"); everything else stays forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // What people run in a terminal may use the console.
    files: [
      ...['bench/**', 'bin/**', 'local/**', 'operator/**', 'scripts/**'],
      ...['test/synthesize-once.ts', 'test/browser/take-pictures.ts', 'test/mutation/**'],
    ],
    rules: { 'no-console': 'off' },
  },
  { files: ['test/**/*.test.{ts,tsx}'], ...jest.configs['flat/recommended'] },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
