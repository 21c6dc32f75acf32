using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Podsharp.Api.Http;

namespace Podsharp.Service.Sockets;

/// <summary>
/// A client's connection, as the HTTP server sees it. The framework's own receives 4 KiB at a time, which for an archive costs more
/// than all that is done with its bytes; here a receive is as large as the client is fast (<see cref="ReceiveSize"/>), and while
/// nothing comes no memory is held for it.
/// </summary>
internal sealed class ClientConnection : ConnectionContext, IConnectionSocketFeature
{
    private const int SegmentToSend = 16 << 10;
    private const int MostToSend = 128 << 10;

    private static readonly PipeOptions OutputOptions = new(
        pauseWriterThreshold: MostToSend, resumeWriterThreshold: MostToSend / 2, minimumSegmentSize: SegmentToSend, useSynchronizationContext: false);

    private static long _last;

    private readonly ClientInput _input;
    private readonly Pipe _output = new(OutputOptions);
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _gate = new();
    private readonly List<ArraySegment<byte>> _segments = [];
    private readonly Task _work;
    private IDictionary<object, object?>? _items;
    private string? _id;
    private Exception? _reason;

    /// <param name="socket">Connected; the connection owns it from here on.</param>
    public ClientConnection(Socket socket, EndPoint listener)
    {
        Socket = socket;
        socket.Blocking = false;
        _input = new ClientInput(socket);
        LocalEndPoint = listener;
        ConnectionClosed = _closed.Token;
        Transport = new DuplexPipe(_input, _output.Writer);
        Features.Set<IConnectionSocketFeature>(this);
        Features.Set<IDirectInput>(_input);
        _work = Task.WhenAll(ReceiveAsync(), SendAsync());
    }

    public Socket Socket { get; }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        set => _id = value;
    }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override EndPoint? LocalEndPoint { get; set; }

    /// <summary>Fires when the client has sent its last byte, or either side has ended the connection.</summary>
    public override CancellationToken ConnectionClosed { get; set; }

    public override void Abort() => Abort(null!);

    /// <param name="abortReason">What a reader is told; the HTTP layer has none where the client went by itself.</param>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        End(abortReason ?? new ConnectionAbortedException("The connection was given up."));
        _output.Reader.CancelPendingRead();
    }

    /// <summary>Sends what is written yet, unless it was aborted, and closes the socket.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _work;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        Exception? failure = null;
        try
        {
            await _input.FillAsync();
        }
        catch (SocketException e)
        {
            failure = new ConnectionResetException(e.Message, e);
        }
        catch (ObjectDisposedException e)
        {
            // The sending side, or an abort, has closed the socket.
            failure = e;
        }
        finally
        {
            await _input.EndAsync(Volatile.Read(ref _reason) ?? failure);
            await _closed.CancelAsync();
        }
    }

    private async Task SendAsync()
    {
        Exception? failure = null;
        try
        {
            await DrainAsync();
        }
        catch (SocketException e)
        {
            failure = new ConnectionResetException(e.Message, e);
        }
        catch (ObjectDisposedException e)
        {
            failure = e;
        }
        finally
        {
            End(failure ?? new ConnectionAbortedException("The reply is sent, and the connection has ended."));
            await _output.Reader.CompleteAsync();
            // Whoever received waits perhaps for somebody to read.
            _input.GiveUp();
        }
    }

    private async Task DrainAsync()
    {
        while (true)
        {
            var read = await _output.Reader.ReadAsync();
            if (read.IsCanceled) return;
            if (read.Buffer.IsSingleSegment && !read.Buffer.IsEmpty) await Socket.SendAsync(read.Buffer.First);
            else if (!read.Buffer.IsEmpty) await Socket.SendAsync(Segments(read.Buffer), SocketFlags.None);
            _output.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private List<ArraySegment<byte>> Segments(ReadOnlySequence<byte> buffer)
    {
        _segments.Clear();
        foreach (var memory in buffer)
        {
            if (!MemoryMarshal.TryGetArray(memory, out var segment)) throw new InvalidOperationException("a pipe without arrays");
            _segments.Add(segment);
        }

        return _segments;
    }

    private void End(Exception reason)
    {
        lock (_gate)
        {
            if (_reason is not null) return;
            Volatile.Write(ref _reason, reason);
        }

        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It has ended by itself.
        }

        _input.Dispose();
        Socket.Dispose();
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
