using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Images;

/// <summary>A registry behind a token server of the test's own, on the machine's loopback.</summary>
[CancelAfter(120_000)]
public sealed class RegistryTokenTests : ServiceTest
{
    [SetUp]
    public void SkipWithoutRegistry()
    {
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
    }

    [Test]
    public async Task Tokens_that_expire_in_the_middle_of_a_pull_are_fetched_anew()
    {
        var service = await StartWithImageAsync(new ServiceSetup { OwnNetwork = false });
        await using var registry = await DockerRegistry.StartAsync(service, port: RegistryFront.FreePort());
        var name = $"{registry.Host}/gated:1";
        await service.Docker.OutputAsync("tag", Image, name);
        await service.Docker.OutputAsync("push", name);
        await service.Docker.OutputAsync("rmi", "-f", name, Image);
        await using var gate = TokenGate.Start(registry.Host, uses: 1);

        await service.Docker.OutputAsync("pull", $"{gate.Host}/gated:1");

        Assert.That(gate.Issued, Is.GreaterThan(1), "each token was good for one request");
        Assert.That(await service.Docker.OutputAsync("run", "--rm", "--network", "none", $"{gate.Host}/gated:1", "echo", "in"), Is.EqualTo("in"));
    }
}
