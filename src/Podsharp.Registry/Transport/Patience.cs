namespace Podsharp.Registry.Transport;

/// <summary>How long and how often a registry is waited for.</summary>
public sealed record Patience
{
    /// <summary>Attempts after the first.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Attempts after the first where nobody listens: that seldom passes, and somebody waits for the message.</summary>
    public int RefusedRetries { get; init; } = 2;

    /// <summary>Before the first retry; doubles with each, with some jitter.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A registry that wants a longer pause (Retry-After) is not waited for.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>To connect, with TLS.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From the request to the head of the answer; not for uploads.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Without a byte in the middle of a blob, after which the transfer counts as broken.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);
}
