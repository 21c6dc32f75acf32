namespace Podsharp.Cli;

/// <summary>What ends a command: a sentence for the user and the exit code.</summary>
internal sealed class CliFailure(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>Exit codes of run and exec, beside those of the container's own process.</summary>
internal static class ExitCodes
{
    /// <summary>The engine refused, or the command line is wrong.</summary>
    public const int EngineFailed = 125;

    public const int NotExecutable = 126;

    public const int NotFound = 127;
}
