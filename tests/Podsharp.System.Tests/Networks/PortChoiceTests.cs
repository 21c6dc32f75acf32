using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Networks;

/// <summary>Which host ports containers get, and what is left of those that get none.</summary>
public sealed class PortChoiceTests : ServiceTest
{
    private const int First = 18110;

    [Test]
    public async Task Of_a_range_for_one_port_the_first_free_one_is_taken()
    {
        var service = await StartWithImageAsync();

        foreach (var name in (string[])["one", "two"])
            await service.Docker.OutputAsync("run", "-d", "--name", name, "-p", $"127.0.0.1:{First}-{First + 1}:80", Image, "sleep", "1000");
        var third = await service.Docker.RunAsync("run", "--name", "three", "-p", $"127.0.0.1:{First}-{First + 1}:80", Image, "true");

        Assert.That(await service.Docker.OutputAsync("port", "one", "80"), Is.EqualTo($"127.0.0.1:{First}"));
        Assert.That(await service.Docker.OutputAsync("port", "two", "80"), Is.EqualTo($"127.0.0.1:{First + 1}"));
        Assert.That(third.ExitCode, Is.EqualTo(125));
        Assert.That(third.Error, Does.Contain("driver failed programming external connectivity").And.Contain("all ports are allocated"));
        await service.Docker.OutputAsync("rm", "-f", "one", "two", "three");
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task Of_two_that_race_for_a_port_one_gets_it()
    {
        var service = await StartWithImageAsync();
        foreach (var name in (string[])["one", "two"])
            await service.Docker.OutputAsync("create", "--name", name, "-p", $"127.0.0.1:{First}:80", Image, "sleep", "1000");

        var results = await Task.WhenAll(service.Docker.RunAsync("start", "one"), service.Docker.RunAsync("start", "two"));

        Assert.That(results.Count(result => result.ExitCode == 0), Is.EqualTo(1));
        Assert.That(results.Single(result => result.ExitCode != 0).Error, Does.Contain($"Bind for 127.0.0.1:{First} failed: port is already allocated"));
        await service.Docker.OutputAsync("rm", "-f", "one", "two");
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task A_port_of_a_program_of_the_hosts_is_refused()
    {
        var service = await StartWithImageAsync();
        await using var program = service.OnHost("busybox", "nc", "-l", "-p", $"{First}").Start();
        await Eventually.SettleAsync(async () => (await service.OnHost("cat", "/proc/net/tcp").RunAsync()).Output.Contains($":{First:X4} "), listens => listens);

        var result = await service.Docker.RunAsync("run", "--name", "one", "-p", $"{First}:80", Image, "true");

        Assert.That(result.Error, Does.Contain($"{First}").And.Contain("already"));
        await service.Docker.OutputAsync("rm", "-f", "one");
        program.Kill();
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task A_random_port_is_in_the_first_inspection_and_of_both_families()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--name", "one", "-p", "0:80", "-p", "[::1]::81/udp", Image, "sleep", "1000");

        Assert.That(await service.Docker.InspectAsync("one", "{{(index (index .NetworkSettings.Ports \"80/tcp\") 0).HostPort}}"), Does.Match(@"^\d{4,5}$"));
        Assert.That(await service.Docker.OutputAsync("port", "one", "81/udp"), Does.Match(@"^\[::1\]:\d{4,5}$"));
        await service.Docker.OutputAsync("rm", "-f", "one");
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task A_network_says_where_its_ports_are_published()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("network", "create", "-o", "com.docker.network.bridge.host_binding_ipv4=127.0.0.1", "near");
        await service.Docker.OutputAsync("run", "-d", "--name", "one", "--network", "near", "-p", $"{First}:80", Image, "sleep", "1000");

        Assert.That(await service.Docker.OutputAsync("port", "one", "80"), Is.EqualTo($"127.0.0.1:{First}"));
        await service.Docker.OutputAsync("rm", "-f", "one");
        await service.Docker.OutputAsync("network", "rm", "near");
        await AssertNothingIsLeftAsync(service);
    }
}
