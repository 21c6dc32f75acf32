namespace Podsharp.Differential.Script;

/// <summary>One request of a script, with its variables still in it, and what is to be done with the reply.</summary>
public sealed record Step
{
    public required string Method { get; init; }

    /// <summary>Path and query, without a version.</summary>
    public required string Target { get; init; }

    /// <summary>Tells requests with one target apart; "" where the target suffices.</summary>
    public string Title { get; init; } = "";

    public string Body { get; init; } = "";

    /// <summary>What the body is made of: "json", or a name that <see cref="Play.Bodies"/> knows.</summary>
    public string BodyKind { get; init; } = "json";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Variable → path into the JSON reply, such as ".Id" or ".[0].Id".</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Captures { get; init; } = [];

    /// <summary>The reply's bytes are kept under this name, to be sent by a later step.</summary>
    public string? Keep { get; init; }

    /// <summary>The reply isn't compared.</summary>
    public bool Quiet { get; init; }

    /// <summary>Types are compared, values are not.</summary>
    public bool ShapeOnly { get; init; }

    /// <summary>The connection is asked for as a raw stream, and what was written as Body is sent on it.</summary>
    public bool Hijack { get; init; }

    /// <summary>What is sent once a hijacked connection is open.</summary>
    public string Input { get; init; } = "";

    /// <summary>An endless reply is cut after so many lines; 0 reads to the end.</summary>
    public int Lines { get; init; }

    /// <summary>The request is repeated until the value at this path, or the reply's "status", is that one.</summary>
    public KeyValuePair<string, string>? Until { get; init; }

    /// <summary>"podman": not sent where the peer is one, for what it does then would hide all later replies. "": sent to each.</summary>
    public string SkippedFor { get; init; } = "";

    public string Since { get; init; } = "1.24";

    public string Before { get; init; } = "9.99";

    public string Name => Title.Length == 0 ? $"{Method} {Target}" : $"{Method} {Target} ({Title})";

    public bool IsFor(string version) => Version.Parse(version) >= Version.Parse(Since) && Version.Parse(version) < Version.Parse(Before);
}
