namespace Podsharp.System.Tests.Networks;

/// <summary>Names on user-defined networks, and in hosts files.</summary>
public sealed class NameTests : EngineTest
{
    private string _network = "";

    [SetUp]
    public async Task MakeNetworkAsync()
    {
        _network = $"names-{Guid.NewGuid():N}"[..14];
        await Docker.OutputAsync("network", "create", _network);
    }

    [TearDown]
    public async Task RemoveNetworkAsync()
    {
        await RemoveContainersAsync();
        await Docker.OutputAsync("network", "rm", _network);
    }

    [Test]
    public async Task Containers_of_one_alias_are_all_named_and_a_new_address_is_known_at_once()
    {
        var (one, two) = (await RunIdleAsync("--network", _network, "--network-alias", "both"), await RunIdleAsync("--network", _network, "--network-alias", "both"));
        Assert.That(await AskAsync("both"), Does.Contain(await AddressAsync(one)).And.Contain(await AddressAsync(two)));

        await Docker.OutputAsync("stop", "-t", "0", one);
        await RunIdleAsync("--network", _network);
        await Docker.OutputAsync("start", one);

        Assert.That(await Docker.OutputAsync("exec", two, "nslookup", one), Does.Contain(await AddressAsync(one)));
    }

    [Test]
    public async Task An_address_is_resolved_to_its_name()
    {
        var container = await RunIdleAsync("--network", _network);

        Assert.That(await AskAsync(await AddressAsync(container)), Does.Contain(container));
    }

    [Test]
    public async Task A_container_that_runs_is_found_by_its_new_name()
    {
        var (old, name) = (await RunIdleAsync("--network", _network, "--network-alias", "alias"), NewName());

        await Docker.OutputAsync("rename", old, name);

        var answers = await Docker.OutputAsync(
            "run", "--rm", "--network", _network, Image, "sh", "-c", $"nslookup {name} && nslookup alias && ! nslookup {old} >/dev/null 2>&1");
        Assert.That(answers, Does.Contain(await AddressAsync(name)));
    }

    [Test]
    public async Task On_the_default_network_there_are_no_names()
    {
        var container = await RunIdleAsync();

        Assert.That((await Docker.RunAsync("run", "--rm", Image, "nslookup", container)).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task A_linked_container_is_known_by_its_alias_also_after_it_restarts()
    {
        var target = await RunIdleAsync();
        var container = await RunIdleAsync("--link", $"{target}:store");
        Assert.That(await Docker.OutputAsync("exec", container, "cat", "/etc/hosts"), Does.Contain($"{await AddressAsync(target)}\tstore "));

        await Docker.OutputAsync("stop", "-t", "0", target);
        await RunIdleAsync();
        await Docker.OutputAsync("start", target);

        var lines = (await Docker.OutputAsync("exec", container, "cat", "/etc/hosts")).Split('\n').Where(line => line.Contains("store", StringComparison.Ordinal));
        Assert.That(lines.Single(), Does.StartWith(await AddressAsync(target) + "\t"));
    }

    [Test]
    public async Task A_link_on_a_network_of_ones_own_is_known_to_one_container_only()
    {
        var target = await RunIdleAsync("--network", _network);
        var container = await RunIdleAsync("--network", _network, "--link", $"{target}:store");

        Assert.That(await Docker.OutputAsync("exec", container, "cat", "/etc/hosts"), Does.Contain($"{await AddressAsync(target)}\tstore "));
        Assert.That((await Docker.RunAsync("exec", target, "nslookup", "store")).ExitCode, Is.Not.Zero);
    }

    private Task<string> AskAsync(string name) => Docker.OutputAsync("run", "--rm", "--network", _network, Image, "nslookup", name);

    private static Task<string> AddressAsync(string container) =>
        Docker.InspectAsync(container, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
}
