using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Podsharp.Core.Containers;

namespace Podsharp.Drivers.Tests.Network;

public sealed class DatagramFlowsTests : NetavarkFixture
{
    [Test]
    public async Task Who_sends_datagrams_all_the_time_reaches_the_container_that_has_the_port_now()
    {
        var ports = Ports.Reserve(Id, [new PortBinding(new PortKey(53, "udp"), "", "")]);
        var moved = Attachment(ports) with { Endpoints = [(Endpoint with { IPv4 = "10.231.7.10/24" }, Network)] };
        using var client = new UdpClient();
        async Task AssertReachedAsync(Socket server)
        {
            await client.SendAsync("hello"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, ports[0].HostPort));
            Assert.That(await server.ReceiveAsync(new byte[16]).WaitAsync(TimeSpan.FromSeconds(5)), Is.EqualTo(5));
        }

        using var server = InNamespace.Receive(Namespace, 53);
        await Driver.SetUpAsync(Attachment(ports), CancellationToken.None);
        await AssertReachedAsync(server);
        await Driver.TearDownAsync(Attachment(ports), CancellationToken.None);
        await client.SendAsync("into the void"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, ports[0].HostPort));
        await Driver.SetUpAsync(moved, CancellationToken.None);
        try
        {
            await AssertReachedAsync(server);
        }
        finally
        {
            await Driver.TearDownAsync(moved, CancellationToken.None);
        }
    }
}
