using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Push;

public sealed record PushImageRequest
{
    /// <summary>With a tag; without one all tags of the repository are meant.</summary>
    public required ImageReference Name { get; init; }

    /// <summary>Where to, when it is not where the name points; null: there.</summary>
    public ImageReference? Destination { get; init; }

    /// <summary>The one to send of several; null: all that are here, with an index of them.</summary>
    public Platform? Platform { get; init; }

    public GivenCredentials Credentials { get; init; } = GivenCredentials.None;

    public EndpointRules Rules { get; init; } = EndpointRules.AsConfigured;
}

public enum LayerPushPhase
{
    Preparing,
    Compressing,
    CompressingAnew,
    Fetching,
    Sending,
    Sent,
    AlreadyThere,
    Mounted,
}

/// <summary>What a push tells while it goes on.</summary>
public abstract record PushEvent;

/// <param name="Repository">Without tag.</param>
public sealed record PushBegun(ImageReference Repository) : PushEvent;

/// <param name="Current">Bytes sent.</param>
/// <param name="From">The repository that had it; empty unless mounted (a path) or fetched again (with its host).</param>
public sealed record LayerPushed(Digest DiffId, LayerPushPhase Phase, long Current, long Total, string From = "") : PushEvent;

/// <param name="Size">Bytes of the manifest.</param>
public sealed record PushEnded(ImageReference Reference, Digest Digest, long Size) : PushEvent;
