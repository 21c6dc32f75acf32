using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Networks;

/// <summary>Somebody takes the firewall's rules away under running containers.</summary>
public sealed class FlushedFirewallTests : ServiceTest
{
    private const int Port = 18091;

    [TestCase("iptables -F; iptables -t nat -F")]
    [TestCase("nft flush ruleset")]
    public async Task A_reload_brings_published_ports_back_without_touching_the_container(string flush)
    {
        var service = await StartWithImageAsync();
        await ServeAsync(service);
        var before = await InterfaceAsync(service);
        await service.OnHost("sh", "-c", flush).OutputAsync();
        Assert.That(await IsServedAsync(service), Is.False, "the rules are gone");

        var reloaded = await service.Http.PostAsync("networks/reload", null);

        Assert.That((await reloaded.Content.ReadAsStringAsync()).TrimEnd(), Is.EqualTo("""{"Containers":["web"],"Failures":[]}"""));
        Assert.That(await IsServedAsync(service), Is.True);
        Assert.That(await InterfaceAsync(service), Is.EqualTo(before));
        Assert.That(await NamesResolveAsync(service), Is.True);
        await RemoveAsync(service);
    }

    [Test]
    public async Task A_reload_ends_no_connection()
    {
        const string talk = "exec 3<>/dev/tcp/127.0.0.1/18091; for i in $(seq 400); do echo $i >&3; read -r -t 5 said <&3 || exit 1; [ $said = $i ] || exit 2; sleep 0.005; done; echo done";
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("network", "create", "net");
        await service.Docker.OutputAsync("run", "-d", "--name", "web", "--network", "net", "-p", $"127.0.0.1:{Port}:80", Image, "nc", "-ll", "-p", "80", "-e", "cat");
        await Eventually.SettleAsync(() => service.OnHost("bash", "-c", "echo >/dev/tcp/127.0.0.1/18091").RunAsync(), tried => tried.ExitCode == 0);
        var talking = service.OnHost("bash", "-c", talk).RunAsync();

        for (var count = 0; count < 8; count++) (await service.Http.PostAsync("networks/reload", null)).EnsureSuccessStatusCode();

        Assert.That((await talking).Output, Is.EqualTo("done\n"));
        await RemoveAsync(service);
    }

    [Test]
    public async Task A_reload_where_nothing_was_flushed_changes_no_rule()
    {
        var service = await StartWithImageAsync();
        await ServeAsync(service);
        var before = await RulesAsync(service);

        (await service.Http.PostAsync("networks/reload", null)).EnsureSuccessStatusCode();

        Assert.That(await RulesAsync(service), Is.EqualTo(before));
        await RemoveAsync(service);
    }

    [Test]
    public async Task A_hang_up_reloads()
    {
        var service = await StartWithImageAsync();
        await ServeAsync(service);
        await service.OnHost("sh", "-c", "iptables -F; iptables -t nat -F").OutputAsync();

        await new Command("kill", "-HUP", service.Pid.ToString()).OutputAsync();

        Assert.That(await Eventually.SettleAsync(() => IsServedAsync(service), served => served), Is.True);
        await RemoveAsync(service);
    }

    [Test]
    public async Task A_start_and_a_reload_of_firewalld_are_heard()
    {
        if (FakeFirewalld.Missing is { } reason) Assert.Ignore(reason);
        await using var firewalld = await FakeFirewalld.StartAsync();
        var service = await StartWithImageAsync(new ServiceSetup { Environment = ["DBUS_SYSTEM_BUS_ADDRESS=" + firewalld.BusAddress] });
        await ServeAsync(service);

        await service.OnHost("nft", "flush", "ruleset").OutputAsync();
        await firewalld.AppearAsync();
        Assert.That(await Eventually.SettleAsync(() => IsServedAsync(service), served => served), Is.True, "start");

        await service.OnHost("nft", "flush", "ruleset").OutputAsync();
        await firewalld.SayReloadedAsync();
        Assert.That(await Eventually.SettleAsync(() => IsServedAsync(service), served => served), Is.True, "reload");
        await RemoveAsync(service);
    }

    [Test]
    public async Task A_container_whose_rules_were_flushed_can_go_and_the_next_can_come()
    {
        var service = await StartWithImageAsync();
        await ServeAsync(service);
        await service.OnHost("nft", "flush", "ruleset").OutputAsync();

        await service.Docker.OutputAsync("rm", "-f", "web");
        await service.Docker.OutputAsync("run", "-d", "--name", "web", "--network", "net", "-p", $"127.0.0.1:{Port}:80", Image, "httpd", "-f", "-h", "/www");

        Assert.That(await Eventually.SettleAsync(() => IsServedAsync(service), served => served), Is.True);
        await RemoveAsync(service);
    }

    [TestCase("iptables -F; iptables -t nat -F")]
    [TestCase("nft flush ruleset")]
    public async Task The_next_start_on_the_network_brings_back_the_rules_of_all(string flush)
    {
        var service = await StartWithImageAsync();
        await ServeAsync(service);
        await service.OnHost("sh", "-c", flush).OutputAsync();
        Assert.That(await IsServedAsync(service), Is.False, "the rules are gone");

        await service.Docker.OutputAsync("run", "--rm", "--network", "net", Image, "true");

        Assert.That(await Eventually.SettleAsync(() => IsServedAsync(service), served => served), Is.True);
        await RemoveAsync(service);
    }

    private static async Task ServeAsync(PodsharpService service)
    {
        await service.Docker.OutputAsync("network", "create", "net");
        await service.Docker.OutputAsync("run", "-d", "--name", "web", "--network", "net", "-p", $"127.0.0.1:{Port}:80", Image, "httpd", "-f", "-h", "/www");
        Assert.That(await Eventually.SettleAsync(() => IsServedAsync(service), served => served), Is.True);
    }

    private static async Task RemoveAsync(PodsharpService service)
    {
        await service.Docker.OutputAsync("rm", "-f", "web");
        await service.Docker.OutputAsync("network", "rm", "net");
        await AssertNothingIsLeftAsync(service);
    }

    private static async Task<bool> IsServedAsync(PodsharpService service) =>
        (await service.OnHost("curl", "-s", "-m", "2", $"http://127.0.0.1:{Port}/").RunAsync()).Output.Trim() == "served";

    private static async Task<bool> NamesResolveAsync(PodsharpService service) =>
        (await service.Docker.RunAsync("run", "--rm", "--network", "net", Image, "nslookup", "web")).ExitCode == 0;

    private static Task<string> InterfaceAsync(PodsharpService service) => service.Docker.OutputAsync("exec", "web", "ip", "-o", "link", "show", "eth0");

    private static async Task<string[]> RulesAsync(PodsharpService service)
    {
        var rules = await service.OnHost("sh", "-c", "iptables -S; iptables -t nat -S").OutputAsync();
        return [.. rules.Split('\n').Order()];
    }
}
