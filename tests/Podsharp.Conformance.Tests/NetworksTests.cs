namespace Podsharp.Conformance.Tests;

public sealed class NetworksTests : SdkTest
{
    [Test]
    public async Task Lists_the_usual_three()
    {
        var networks = await Client.Networks.ListNetworksAsync(new NetworksListParameters());

        Assert.That(networks.Select(network => network.Name), Is.SupersetOf(new[] { "bridge", "host", "none" }));
    }

    [Test]
    public async Task Inspects_the_default_network()
    {
        var bridge = await Client.Networks.InspectNetworkAsync("bridge");

        Assert.That(bridge.Driver, Is.EqualTo("bridge"));
        Assert.That(bridge.Scope, Is.EqualTo("local"));
        Assert.That(bridge.IPAM.Config[0].Subnet, Does.Contain("/"));
    }
}
