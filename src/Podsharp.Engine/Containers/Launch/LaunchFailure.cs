using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>What a start that failed leaves in the container's state (reference/protocols.md §3, error classes).</summary>
internal static class LaunchFailure
{
    public const int NotFound = 127;
    public const int NotExecutable = 126;
    private const int Other = 128;

    public static ContainerState Apply(ContainerState state, Exception error) => state with
    {
        Phase = state.Started is null ? ContainerPhase.Created : ContainerPhase.Exited,
        Pid = 0,
        PidStartTime = 0,
        MonitorPid = 0,
        ExitCode = ExitCodeOf(error.Message),
        Error = error.Message,
        CleanupOwed = false,
        Endpoints = [],
        Ports = [],
        NetworkNamespace = "",
    };

    public static int ExitCodeOf(string message)
    {
        bool Says(string text) => message.Contains(text, StringComparison.OrdinalIgnoreCase);
        if (Says("executable file not found") || Says("no such file or directory")) return NotFound;
        return Says("permission denied") || Says("is a directory") || Says("operation not permitted") ? NotExecutable : Other;
    }
}
