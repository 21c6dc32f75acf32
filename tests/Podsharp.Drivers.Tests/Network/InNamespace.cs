using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Podsharp.Drivers.Tests.Network;

/// <summary>Sockets of another network namespace: made on a thread that enters it and ends.</summary>
internal static partial class InNamespace
{
    public static TcpListener Listen(string namespacePath, int port) => Make(namespacePath, () =>
    {
        var listener = new TcpListener(IPAddress.Any, port);
        listener.Start();
        return listener;
    });

    public static Socket Receive(string namespacePath, int port) => Make(namespacePath, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    });

    /// <summary>Asks a name server for an A record; null when it has none. A server that has just been started gets a few tries.</summary>
    public static async Task<IPAddress?> ResolveAsync(string namespacePath, IPAddress server, string name)
    {
        using var socket = Receive(namespacePath, 0);
        byte[] query = Question(name);
        var answer = new byte[512];
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await socket.SendToAsync(query, new IPEndPoint(server, 53));
            using var time = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                var length = await socket.ReceiveAsync(answer, time.Token);
                return answer[7] == 0 ? null : new IPAddress(answer.AsSpan(length - 4, 4));
            }
            catch (OperationCanceledException)
            {
            }
        }

        throw new TimeoutException($"{server} does not answer");
    }

    /// <summary>Asks for an A record again and again, as a resolver does: on a connected socket, which learns when nobody listens.</summary>
    public static async Task<(int Answered, int Refused)> AskOnAsync(string namespacePath, IPEndPoint server, string name, CancellationToken until)
    {
        using var socket = Receive(namespacePath, 0);
        await socket.ConnectAsync(server, CancellationToken.None);
        byte[] query = Question(name);
        var answer = new byte[512];
        var (answered, refused) = (0, 0);
        while (!until.IsCancellationRequested)
        {
            using var time = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await socket.SendAsync(query, time.Token);
                await socket.ReceiveAsync(answer, time.Token);
                answered++;
            }
            catch (SocketException)
            {
                refused++;
            }
            catch (OperationCanceledException)
            {
                // The server took the question with it; it is asked again.
            }
        }

        return (answered, refused);
    }

    // A head that counts one question, the name's labels, the root; type A, class IN.
    private static byte[] Question(string name) =>
        [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0, 0, 1, 0, 1];

    private static T Make<T>(string namespacePath, Func<T> make)
    {
        T? made = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(namespacePath);
                if (setns((int)handle.DangerousGetHandle(), 0x40000000) != 0) throw new IOException("setns");
                made = make();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? made! : throw failure;
    }

    [LibraryImport("libc")]
    private static partial int setns(int descriptor, int kind);
}
