namespace Podsharp.Linux.Processes;

/// <summary>
/// A program to run, as an immutable value. The child starts with default signal actions, an empty signal mask, exactly
/// this environment and exactly these descriptors (0, 1 and 2 are /dev/null unless given); everything else is closed.
/// </summary>
public sealed record Command
{
    public static readonly IReadOnlyList<string> DefaultEnvironment =
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"];

    /// <param name="path">Absolute path of the program.</param>
    /// <param name="arguments">Without the program's own name.</param>
    public Command(string path, params IReadOnlyList<string> arguments)
    {
        Path = path;
        Arguments = arguments;
    }

    public string Path { get; init; }

    public IReadOnlyList<string> Arguments { get; init; }

    /// <summary>NAME=VALUE.</summary>
    public IReadOnlyList<string> Environment { get; init; } = DefaultEnvironment;

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Own descriptors and the numbers they get in the child.</summary>
    public IReadOnlyList<(int Own, int Child)> Descriptors { get; init; } = [];

    /// <summary>Start a new session (and process group).</summary>
    public bool NewSession { get; init; }

    /// <summary>A write that nobody reads fails (EPIPE) and does not end the child (SIGPIPE). Its own children inherit that.</summary>
    public bool IgnoresBrokenPipes { get; init; }

    /// <summary>Label of SELinux that the child has; empty: what the policy says.</summary>
    public string Label { get; init; } = "";

    public override string ToString() => Arguments.Count == 0 ? Path : $"{Path} {string.Join(' ', Arguments)}";
}
