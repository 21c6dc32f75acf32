namespace Podsharp.Cli.Commands.Run;

/// <summary>Engines say only in words why a process did not start; shells and scripts want 126 and 127.</summary>
internal static class StartFailure
{
    private static readonly string[] NotFound = ["executable file not found", "executable file `", "no such file or directory", "not found in $PATH"];
    private static readonly string[] NotExecutable = ["permission denied", "is a directory", "exec format error"];

    public static int ExitCode(string message) =>
        NotFound.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase)) ? ExitCodes.NotFound
        : NotExecutable.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase)) ? ExitCodes.NotExecutable
        : ExitCodes.EngineFailed;
}
