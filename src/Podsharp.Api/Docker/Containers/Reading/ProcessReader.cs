using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

internal static class ProcessReader
{
    public static ProcessSpec Read(CreateBody body, HostConfig host)
    {
        return new ProcessSpec
        {
            Entrypoint = body.Entrypoint,
            Command = body.Cmd,
            Environment = Environment(body.Env ?? []),
            User = body.User,
            WorkingDirectory = WorkingDirectory(body.WorkingDir),
            Terminal = body.Tty,
            OpenStdin = body.OpenStdin,
            StdinOnce = body.StdinOnce,
            AttachStdin = body.AttachStdin,
            AttachStdout = body.AttachStdout,
            AttachStderr = body.AttachStderr,
            TerminalSize = Size(host.ConsoleSize, "ConsoleSize"),
            Shell = body.Shell is { Count: > 0 } ? body.Shell : null,
            OnBuild = body.OnBuild is { Count: > 0 } ? body.OnBuild : null,
            ArgsEscaped = body.ArgsEscaped,
        };
    }

    /// <summary>[height, width] of a terminal; nothing or zeros: unknown.</summary>
    public static TerminalSize Size(IReadOnlyList<int>? pair, string name) => pair switch
    {
        null or [] => default,
        [>= 0 and <= ushort.MaxValue and var height, >= 0 and <= ushort.MaxValue and var width] => new TerminalSize(height, width),
        _ => throw EngineException.InvalidInput($"invalid {name}: want [height, width]"),
    };

    public static IReadOnlyList<string> Environment(IReadOnlyList<string> variables)
    {
        foreach (var variable in variables)
        {
            if (variable.Length == 0 || variable[0] == '=') throw EngineException.InvalidInput($"invalid environment variable: {variable}");
        }

        return variables;
    }

    private static string WorkingDirectory(string directory) =>
        directory.Length == 0 || directory[0] == '/'
            ? directory
            : throw EngineException.InvalidInput($"the working directory '{directory}' is invalid, it needs to be an absolute path");
}
