using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Pull;

public sealed record PullImageRequest
{
    /// <summary>What it may mean, best first: fully qualified; without tag and digest all tags are meant.</summary>
    public required IReadOnlyList<ImageReference> Candidates { get; init; }

    /// <summary>Null: this machine's.</summary>
    public Platform? Platform { get; init; }

    public GivenCredentials Credentials { get; init; } = GivenCredentials.None;

    public EndpointRules Rules { get; init; } = EndpointRules.AsConfigured;
}

/// <summary>Where one layer of a pull is.</summary>
public enum LayerPhase
{
    Waiting,
    Downloading,
    Downloaded,
    Complete,
    AlreadyThere,
}

/// <summary>What a pull tells while it goes on.</summary>
public abstract record PullEvent;

/// <summary>The manifest is there, work begins.</summary>
public sealed record PullBegun(ImageReference Reference) : PullEvent;

/// <param name="Blob">The layer's blob.</param>
/// <param name="Current">Bytes that have arrived.</param>
/// <param name="Total">Bytes of the blob.</param>
public sealed record LayerPulled(Digest Blob, LayerPhase Phase, long Current, long Total) : PullEvent;

/// <param name="Digest">Of the manifest or list that the name stands for.</param>
/// <param name="IsNew">The name did not mean this image before.</param>
public sealed record PullEnded(ImageReference Reference, Digest Digest, Image Image, bool IsNew) : PullEvent;

/// <summary>All that was asked for is there.</summary>
/// <param name="Reference">As it was asked for: without a tag when all were.</param>
/// <param name="IsNew">One of its names did not mean this image before.</param>
public sealed record PullFinished(ImageReference Reference, bool IsNew) : PullEvent;
