using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Network;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Tests.Network;

public sealed class QuestionHoldTests : NetavarkFixture
{
    private static readonly IPEndPoint Server = IPEndPoint.Parse("10.231.7.1:53");

    [Test]
    public async Task Questions_wait_while_held_and_arrive_in_order_afterwards()
    {
        var hold = await PrepareAsync();
        using var server = Listen();
        using var asking = InNamespace.Receive(Namespace, 0);

        using (hold.Begin())
        {
            using (hold.Begin())
            {
                for (byte number = 0; number < 20; number++) await asking.SendToAsync(new[] { number }, Server);
            }

            Assert.That(server.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead), Is.False);
        }

        for (byte number = 0; number < 20; number++) Assert.That(await ReceiveAsync(server), Is.EqualTo(number));
    }

    [Test]
    public async Task Without_a_holder_questions_pass()
    {
        var hold = await PrepareAsync();
        using var server = Listen();
        using var asking = InNamespace.Receive(Namespace, 0);

        await asking.SendToAsync(new byte[] { 7 }, Server);

        Assert.That(await ReceiveAsync(server), Is.EqualTo(7));
    }

    [Test]
    public async Task No_question_is_lost_at_the_edges()
    {
        var hold = await PrepareAsync();
        using var server = Listen();
        server.ReceiveBufferSize = 1 << 20;
        using var asking = InNamespace.Receive(Namespace, 0);
        using var over = new CancellationTokenSource();
        var edges = Task.Run(() =>
        {
            while (!over.IsCancellationRequested) hold.Begin().Dispose();
        });

        for (var number = 0; number < 500; number++) await asking.SendToAsync(new[] { (byte)number }, Server);
        await over.CancelAsync();
        await edges;

        // Those that pass overtake those that were held.
        var received = new List<byte>();
        while (received.Count < 500) received.Add(await ReceiveAsync(server));
        Assert.That(received, Is.EquivalentTo(Enumerable.Range(0, 500).Select(number => (byte)number)));
    }

    [Test]
    public async Task A_question_waits_for_no_call_that_takes_long()
    {
        var hold = await PrepareAsync();
        using var server = Listen();
        using var asking = InNamespace.Receive(Namespace, 0);
        var names = new NameServer(new StorePaths(Root, Root), hold, new BridgeNamespace(), Server.Port);
        using var process = await StandInAsync(names.Directory);
        var over = new TaskCompletionSource();

        var call = names.DuringAsync(() => over.Task);
        await asking.SendToAsync(new byte[] { 7 }, Server);

        Assert.That(server.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead), Is.False);
        Assert.That(await ReceiveAsync(server), Is.EqualTo(7));
        over.SetResult();
        await call;
        process.Kill();
        await process.WaitForExitAsync();
    }

    [Test]
    public async Task With_a_bridge_the_queue_goes_and_is_opened_again_when_it_is_wanted()
    {
        var first = await PrepareAsync();
        await first.ForgetAsync(["psgone0"], CancellationToken.None);
        var second = new QuestionHold(new StorePaths(Root, Root), new BridgeNamespace());
        using var server = Listen();
        using var asking = InNamespace.Receive(Namespace, 0);

        using (second.Begin())
        {
            await asking.SendToAsync(new byte[] { 7 }, Server);
            Assert.That(server.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead), Is.False, "who kept the first queue would have it alone");
        }

        Assert.That(await ReceiveAsync(server), Is.EqualTo(7));
        await second.ForgetAsync(["psgone0"], CancellationToken.None);
    }

    [Test]
    public async Task The_rule_is_made_once_and_goes_with_its_bridge()
    {
        var hold = await PrepareAsync();
        await hold.PrepareAsync(Network with { DnsEnabled = true }, CancellationToken.None);
        await hold.ForgetAsync([Bridge], CancellationToken.None);
        Assert.That((await RulesAsync()).Split(Bridge), Has.Length.EqualTo(2));

        await Driver.TearDownAsync(Attachment(), CancellationToken.None);
        await Driver.RemoveAsync(Network, CancellationToken.None);

        Assert.That(await RulesAsync(), Does.Not.Contain(Bridge));
    }

    private async Task<QuestionHold> PrepareAsync()
    {
        await Driver.SetUpAsync(Attachment(), CancellationToken.None);
        var hold = new QuestionHold(new StorePaths(Root, Root), new BridgeNamespace());
        // Opened once, and then kept.
        hold.Begin().Dispose();
        await hold.PrepareAsync(Network with { DnsEnabled = true }, CancellationToken.None);
        return hold;
    }

    // Has the name server's name, and waits for the end of its input.
    private static async Task<Process> StandInAsync(string directory)
    {
        var process = Process.Start(new ProcessStartInfo("bash", ["-c", "echo aardvark-dns > /proc/self/comm; echo ready; read -r"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardOutput.ReadLineAsync();
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Join(directory, NameServerProcess.PidFile), process.Id.ToString(CultureInfo.InvariantCulture));
        return process;
    }

    private static Task<string> RulesAsync() => RunAsync("iptables-save", "-t", "raw");

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(Server);
        return socket;
    }

    private static async Task<byte> ReceiveAsync(Socket server)
    {
        var buffer = new byte[1];
        await server.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(5));
        return buffer[0];
    }
}
