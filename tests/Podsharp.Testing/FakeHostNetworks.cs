using Podsharp.Core.Networks;

namespace Podsharp.Testing;

/// <summary>A host with the routes and interfaces that a test gives it.</summary>
public sealed class FakeHostNetworks : IHostNetworks
{
    public List<HostSubnet> Routes { get; } = [];

    public List<string> Links { get; } = ["lo", "eth0"];

    public string HostsText { get; set; } = "127.0.0.1\tlocalhost\n127.0.1.1\tmachine\n";

    public IReadOnlyList<HostSubnet> Subnets() => [.. Routes];

    public IReadOnlyCollection<string> Interfaces() => [.. Links];

    public string HostsFile() => HostsText;
}
