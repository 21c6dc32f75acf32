using System.IO.Pipelines;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Logs;
using Podsharp.Linux.Journal;
using Pipe = Podsharp.Linux.Processes.Pipe;

namespace Podsharp.Drivers.Logs;

/// <summary>What conmon wrote to the journal. Each reading has a thread of its own, as the library asks for.</summary>
internal sealed class JournalLog(JournalPlace place)
{
    private readonly JournalService _service = new(place.Sockets);

    /// <summary>Internal where there is no journal.</summary>
    public void Check()
    {
        if (!_service.Exists) throw EngineException.Internal("journald is not enabled on this host");
    }

    public Task CopyAsync(ContainerId id, LogQuery query, PipeWriter output, Task ended, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => Copy(id, query, new LogWriter(query, output), ended, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Copy(ContainerId id, LogQuery query, LogWriter writer, Task ended, CancellationToken cancellationToken)
    {
        if (!query.Follow) _service.Synchronize();
        using var journal = Open();
        journal.Match($"CONTAINER_ID_FULL={id}");
        JournalTail.Seek(journal, query);
        if (query.Follow) Follow(journal, writer, ended, cancellationToken);
        else Drain(journal, writer, cancellationToken);
    }

    private JournalReader Open()
    {
        try
        {
            return JournalReader.Open(place.Files);
        }
        catch (DllNotFoundException)
        {
            throw EngineException.NotSupported("the journal cannot be read: libsystemd.so.0 is not installed");
        }
    }

    private void Follow(JournalReader journal, LogWriter writer, Task ended, CancellationToken cancellationToken)
    {
        using var stop = Pipe.Create();
        using var cancellation = cancellationToken.UnsafeRegister(static state => ((Pipe)state!).Writer.Dispose(), stop);
        _ = ended.ContinueWith(
            static (_, state) => ((Pipe)state!).Writer.Dispose(), stop, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (true)
        {
            // Looked at before reading: all that was written before the end is in the journal then.
            var last = ended.IsCompleted;
            if (last)
            {
                _service.Synchronize();
                journal.Refresh();
            }

            if (!Drain(journal, writer, cancellationToken) || last) return;
            journal.Wait(stop.Reader);
        }
    }

    /// <summary>False when nothing more is wanted.</summary>
    private static bool Drain(JournalReader journal, LogWriter writer, CancellationToken cancellationToken)
    {
        var record = new JournalRecord();
        while (!writer.Finished && journal.Next())
        {
            writer.Write(record.Of(journal));
            if (writer.WantsFlush && !Flush(writer, cancellationToken)) return false;
        }

        return Flush(writer, cancellationToken) && !writer.Finished;
    }

    private static bool Flush(LogWriter writer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return writer.FlushAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
    }
}
