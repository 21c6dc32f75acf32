namespace Podsharp.Registry.Transport;

/// <summary>How long and how often a registry is waited for.</summary>
public sealed record Patience
{
    /// <summary>Attempts after the first.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Attempts after the first where nobody listens: that seldom passes, and somebody waits for the message.</summary>
    public int RefusedRetries { get; init; } = 2;

    /// <summary>Before the first retry; doubles with each, give or take a fifth.</summary>
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

    /// <param name="retry">0 for the first. Those who failed together come back one by one.</param>
    internal TimeSpan PauseBefore(int retry)
    {
        var pause = FirstDelay * Math.Pow(2, Math.Min(retry, 16));
        return (pause < LongestDelay ? pause : LongestDelay) * (0.8 + (0.4 * Random.Shared.NextDouble()));
    }
}
