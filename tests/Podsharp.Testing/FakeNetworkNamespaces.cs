using Podsharp.Core.Containers;
using Podsharp.Core.Networks;

namespace Podsharp.Testing;

/// <summary>Namespaces by path, in memory.</summary>
public sealed class FakeNetworkNamespaces : INetworkNamespaces
{
    public HashSet<string> Paths { get; } = [];

    public Task<string> CreateAsync(ContainerId id, IReadOnlyDictionary<string, string> sysctls, CancellationToken cancellationToken)
    {
        var path = $"/fake/netns/{id}";
        Paths.Add(path);
        return Task.FromResult(path);
    }

    public Task RemoveAsync(string path, CancellationToken cancellationToken)
    {
        Paths.Remove(path);
        return Task.CompletedTask;
    }
}
