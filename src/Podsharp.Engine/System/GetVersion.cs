using Podsharp.Core.Host;

namespace Podsharp.Engine.System;

/// <summary>What runs here: the engine, the machine and the tools that it drives.</summary>
public sealed class GetVersion(IHost host)
{
    public Task<VersionFacts> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new VersionFacts(EngineVersion.Text, host.Facts));
    }
}

public sealed record VersionFacts(string Version, HostFacts Host);
