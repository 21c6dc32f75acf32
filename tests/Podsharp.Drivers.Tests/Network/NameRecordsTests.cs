using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Network;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Tests.Network;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NameRecordsTests : IDisposable
{
    private static readonly ContainerId One = ContainerId.Parse(new string('1', 64)), Two = ContainerId.Parse(new string('2', 64));

    private static readonly Core.Networks.Network Network = new()
    {
        Id = new string('a', 64), Name = "net", Driver = "bridge", InterfaceName = "ps1", Created = DateTimeOffset.UnixEpoch, DnsEnabled = true,
    };

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("names");
    private readonly NameRecords _records;
    private readonly string _file;

    public NameRecordsTests()
    {
        var paths = new StorePaths(_root.FullName, _root.FullName);
        // It is not running, and told nothing here.
        var server = new NameServer(paths, null!, new BridgeNamespace(), 53);
        _records = new NameRecords(paths, server);
        Directory.CreateDirectory(server.Directory);
        _file = Path.Join(server.Directory, NetavarkConfig.NameOf(Network));
    }

    public void Dispose() => _root.Delete(recursive: true);

    [TestCase("", "")]
    [TestCase(" 192.0.2.1,192.0.2.2", "")]
    [TestCase("", "fd00::2")]
    public async Task A_renamed_container_keeps_its_addresses_aliases_and_servers(string servers, string six)
    {
        await File.WriteAllTextAsync(_file, $"10.1.0.1\n{Two} 10.1.0.3  old,222222222222\n{One} 10.1.0.2 {six} old,web,111111111111{servers}\n");

        await _records.RenameAsync(Attachment("new"), Endpoint("web", "111111111111"), Network);

        Assert.That(
            await File.ReadAllTextAsync(_file),
            Is.EqualTo($"10.1.0.1\n{Two} 10.1.0.3  old,222222222222\n{One} 10.1.0.2 {six} new,web,111111111111{servers}\n"));
    }

    [Test]
    public async Task A_network_that_the_server_does_not_know_gets_no_records()
    {
        await _records.RenameAsync(Attachment("new"), Endpoint(), Network);

        Assert.That(File.Exists(_file), Is.False);
    }

    private static NetworkAttachment Attachment(string name) => new()
    {
        ContainerId = One, ContainerName = name, Hostname = name, NamespacePath = "/none", Endpoints = [],
    };

    private static Endpoint Endpoint(params IReadOnlyList<string> aliases) => new()
    {
        NetworkName = Network.Name, NetworkId = Network.Id, EndpointId = new string('e', 64), InterfaceName = "eth0", IPv4 = "10.1.0.2/24", Aliases = aliases,
    };
}
