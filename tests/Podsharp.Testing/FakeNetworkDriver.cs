using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Testing;

/// <summary>Remembers what is set up; <see cref="Failure"/> makes the next calls fail.</summary>
public sealed class FakeNetworkDriver : INetworkDriver
{
    public event Action? RulesLost
    {
        add { }
        remove { }
    }

    /// <summary>Attachments that stand.</summary>
    public List<NetworkAttachment> Standing { get; } = [];

    /// <summary>What was to be torn down, in order.</summary>
    public List<NetworkAttachment> TornDown { get; } = [];

    /// <summary>Every call in order: "set up c1", "tear down c1", "remove net1".</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Ids of networks whose bridge counts as kept up.</summary>
    public HashSet<string> Kept { get; } = [];

    /// <summary>A driver that the machine lacks.</summary>
    public string Unsupported { get; set; } = "";

    public Exception? Failure { get; set; }

    /// <summary>Makes the next set-ups fail, and nothing else.</summary>
    public Exception? SetUpFailure { get; set; }

    public Task SetUpAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        Calls.Add($"set up {attachment.ContainerName}");
        if ((SetUpFailure ?? Failure) is { } failure) return Task.FromException(failure);
        Standing.Add(attachment);
        return Task.CompletedTask;
    }

    public Task TearDownAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        Calls.Add($"tear down {attachment.ContainerName}");
        TornDown.Add(attachment);
        if (Failure is not null) return Task.FromException(Failure);
        var gone = attachment.Endpoints.Select(pair => pair.Network.Id).ToHashSet();
        var rest = Standing
            .Select(standing => standing.ContainerId == attachment.ContainerId
                ? standing with { Endpoints = [.. standing.Endpoints.Where(pair => !gone.Contains(pair.Network.Id))] }
                : standing)
            .Where(standing => standing.Endpoints.Count > 0)
            .ToList();
        Standing.Clear();
        Standing.AddRange(rest);
        return Task.CompletedTask;
    }

    public Task CheckAsync(Network network, CancellationToken cancellationToken) =>
        network.Driver == Unsupported ? Task.FromException(EngineException.NotSupported($"no {network.Driver} here")) : Task.CompletedTask;

    public Task RestoreAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        Calls.Add($"restore {attachment.ContainerName}");
        return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
    }

    public Task RenameAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        Calls.Add($"rename to {attachment.ContainerName}");
        return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
    }

    public Task RemoveAsync(Network network, CancellationToken cancellationToken)
    {
        Calls.Add($"remove {network.Name}");
        return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
    }

    public bool Keeps(Network network) => Kept.Contains(network.Id);
}
