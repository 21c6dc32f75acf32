namespace Podsharp.Core.Registries;

/// <summary>A blob that a repository is to have.</summary>
public sealed record BlobPush
{
    public required BlobDescriptor Blob { get; init; }

    /// <summary>Opens the content at its beginning; called once per attempt, and not at all when nothing has to be sent. The stream is disposed by the callee.</summary>
    public required Func<CancellationToken, ValueTask<Stream>> Open { get; init; }

    /// <summary>Repositories on the same host that may have it, best first; tried one after the other, at most three.</summary>
    public IReadOnlyList<string> MountFrom { get; init; } = [];

    /// <summary>Told the bytes sent so far; starts again at 0 when an attempt is repeated. Called on the sending task: be quick.</summary>
    public IProgress<long>? Sent { get; init; }
}

public enum BlobPushResult
{
    AlreadyThere,
    Mounted,
    Sent,
}

/// <param name="MountedFrom">The repository it was mounted from.</param>
public sealed record BlobPushOutcome(BlobPushResult Result, string? MountedFrom = null);
