// The lint rules of the house: type-aware over src and the code extracted from the chapters, plain over the scripts.
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'build/',
      '.docusaurus/',
      'coverage/',
      '.reference/',
      'static/',
      '.ci/',
      '.tangled/.base/',
      '.tangled/cache/',
      '.tangled/bin/',
      '.tangled/variants/',
    ],
  },
  {
    files: ['src/**/*.{ts,tsx}', 'scripts/**/*.ts', '.tangled/**/*.ts', '*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"])[accessibility]',
          message: 'A private member is written #name; the others are public.',
        },
        { selector: 'TSParameterProperty', message: 'Declare the field, and assign it in the constructor.' },
      ],
      '@typescript-eslint/require-await': 'off',
      // Processor faults and the like are values that unwind to one catch: no stack is wanted, and none is paid for.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
    },
  },
  {
    // In a chapter's example a value may stand for itself, and a name be declared only to be looked at.
    files: ['.tangled/examples/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-vars': 'off', '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['**/*.test.ts'],
    // Matchers of the test runner are typed `any`.
    rules: { '@typescript-eslint/unbound-method': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['**/*.browser.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.name="expect"] > AwaitExpression.arguments > CallExpression:matches([callee.property.name=/^[$]/], [callee.property.name="evaluate"], [callee.name=/^(textOf|countOf|standing)$/])',
          message:
            'A page may be late: expect.poll looks until it is there. What is not to be there is read into a name first, once the page is at rest.',
        },
      ],
    },
  },
  {
    files: ['scripts/**/*.mjs', 'src/**/*.mjs', '*.mjs'],
    extends: [tseslint.configs.base],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
);
