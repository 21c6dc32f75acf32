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

    private BridgePort PortOf(int number) => new(_bridge, "eth0", $"02:00:00:00:77:{number:x2}", 0, IPAddress.Parse($"198.18.77.{number + 2}"), 24, null, 100);

    private string SpaceOf(int number) => Path.Join(_directory, $"{number}");

    private static async Task IpAsync(params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(new Command(ExecutablePath.Find("ip")!, arguments), CancellationToken.None);
        Assert.That(result.Succeeded, Is.True, result.ErrorText);
    }
}
