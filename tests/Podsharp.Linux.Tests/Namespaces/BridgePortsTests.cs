using System.Net;
using NUnit.Framework;
using Podsharp.Linux.Namespaces;
using Podsharp.Linux.Processes;

namespace Podsharp.Linux.Tests.Namespaces;

[Category("Root")]
public sealed class BridgePortsTests
{
    private const int Count = 16;
    private static readonly Dictionary<string, string> NoSysctls = [];
    private readonly string _bridge = $"pst{Environment.ProcessId % 1_000_000}";
    private string _directory = "";

    [SetUp]
    public async Task MakeBridgeAsync()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-ports-").FullName;
        await IpAsync("link", "add", _bridge, "type", "bridge");
        await IpAsync("link", "set", _bridge, "up");
    }

    [TearDown]
    public async Task CleanAsync()
    {
        await IpAsync("link", "delete", _bridge);
        foreach (var number in Enumerable.Range(0, Count)) NetworkNamespace.Remove(SpaceOf(number));
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task What_is_attached_is_heard_by_the_bridge()
    {
        const string forwarding = "3";
        foreach (var number in Enumerable.Range(0, Count)) await NetworkNamespace.CreateAsync(SpaceOf(number), NoSysctls);

        foreach (var number in Enumerable.Range(0, Count))
        {
            await BridgePorts.AttachAsync(new BridgeNamespace(), SpaceOf(number), PortOf(number));

            Assert.That(Directory.GetDirectories($"/sys/class/net/{_bridge}/brif").Select(port => File.ReadAllText(Path.Join(port, "state")).Trim()), Is.All.EqualTo(forwarding));
        }
    }

    [TestCase(true, 0)]
    [TestCase(false, 1)]
    public async Task An_address_that_is_held_stays_at_its_port_whoever_sends_with_it(bool held, int expected)
    {
        foreach (var number in (int[])[0, 1]) await NetworkNamespace.CreateAsync(SpaceOf(number), NoSysctls);
        await BridgePorts.AttachAsync(new BridgeNamespace(), SpaceOf(0), PortOf(0));
        if (held) await BridgePorts.HoldAsync(new BridgeNamespace(), SpaceOf(0), "eth0", PortOf(0).MacAddress);

        await BridgePorts.AttachAsync(new BridgeNamespace(), SpaceOf(1), PortOf(1) with { MacAddress = PortOf(0).MacAddress });
        await AskAsync(1);

        Assert.That(await PlaceOfAsync(PortOf(0).MacAddress), Is.EqualTo(await OuterEndOfAsync(expected)));
    }

    [Test]
    public async Task An_address_that_was_let_go_is_where_it_was_heard_last()
    {
        foreach (var number in (int[])[0, 1]) await NetworkNamespace.CreateAsync(SpaceOf(number), NoSysctls);
        await BridgePorts.AttachAsync(new BridgeNamespace(), SpaceOf(0), PortOf(0));
        await BridgePorts.HoldAsync(new BridgeNamespace(), SpaceOf(0), "eth0", PortOf(0).MacAddress);
        await BridgePorts.LetGoAsync(new BridgeNamespace(), SpaceOf(0), "eth0", PortOf(0).MacAddress);

        await BridgePorts.AttachAsync(new BridgeNamespace(), SpaceOf(1), PortOf(1) with { MacAddress = PortOf(0).MacAddress });
        await AskAsync(1);

        Assert.That(await PlaceOfAsync(PortOf(0).MacAddress), Is.EqualTo(await OuterEndOfAsync(1)));
    }

    // Whoever has the address is asked for by a broadcast, which a bridge learns from.
    private async Task AskAsync(int number) =>
        await ProcessRunner.RunAsync(new Command("/usr/bin/nsenter", ["--net=" + SpaceOf(number), "--", "bash", "-c", "echo >/dev/udp/198.18.77.99/9"]), CancellationToken.None);

    private async Task<string> PlaceOfAsync(string macAddress)
    {
        var result = await ProcessRunner.RunAsync(new Command(ExecutablePath.Find("bridge")!, ["fdb", "show", "br", _bridge]), CancellationToken.None);
        return result.OutputText.Split('\n').Single(line => line.StartsWith(macAddress, StringComparison.Ordinal)).Split(' ')[2];
    }

    private async Task<string> OuterEndOfAsync(int number)
    {
        var inside = await ProcessRunner.RunAsync(new Command("/usr/bin/nsenter", ["--net=" + SpaceOf(number), "--", "ip", "-o", "link", "show", "eth0"]), CancellationToken.None);
        var index = inside.OutputText.Split("@if")[1].Split(':')[0];
        return Directory.GetDirectories($"/sys/class/net/{_bridge}/brif").Select(port => Path.GetFileName(port)).Single(port => File.ReadAllText($"/sys/class/net/{port}/ifindex").Trim() == index);
    }

    private BridgePort PortOf(int number) => new(_bridge, "eth0", $"02:00:00:00:77:{number:x2}", 0, IPAddress.Parse($"198.18.77.{number + 2}"), 24, null, 100);

    private string SpaceOf(int number) => Path.Join(_directory, $"{number}");

    private static async Task IpAsync(params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(new Command(ExecutablePath.Find("ip")!, arguments), CancellationToken.None);
        Assert.That(result.Succeeded, Is.True, result.ErrorText);
    }
}
