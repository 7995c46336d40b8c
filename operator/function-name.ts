import { InvalidArgumentsError } from './errors.ts';

/** The option of every command that calls the deployed function. */
export const FUNCTION_OPTION = [
  '--function <name>',
  "the deployed function's name or ARN (default: REPORT_FUNCTION from the environment)",
] as const;

/** What the help of those commands says about finding the function. */
export const FUNCTION_HELP = `The stack prints the function's name as the output ReportFunctionName. Region and credentials are those of the
AWS CLI (AWS_PROFILE, AWS_REGION, …); they need lambda:InvokeFunction on the function.`;

/** @throws InvalidArgumentsError if neither the option nor REPORT_FUNCTION is given */
export function functionName(
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const name = option ?? environment['REPORT_FUNCTION'] ?? '';
  if (name !== '') return name;
  throw new InvalidArgumentsError(
    "Which function? Give --function or set REPORT_FUNCTION: the name is the stack's output ReportFunctionName.",
  );
}
