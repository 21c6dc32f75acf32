using System.Text;

namespace Podsharp.Testing.System;

/// <summary>What a stream has said so far.</summary>
public sealed class Transcript
{
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public string Text
    {
        get { lock (_text) return _text.ToString(); }
    }

    public Task ReadAsync(Stream stream) => Task.Run(async () =>
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count) Add(Encoding.UTF8.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            // The master side of a terminal ends with EIO.
        }

        lock (_text) _ended = true;
        Add("");
    });

    public async Task ExpectAsync(string expected, object source, int after = 0)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Task changed;
            lock (_text)
            {
                if (_text.ToString().IndexOf(expected, Math.Min(after, _text.Length), StringComparison.Ordinal) >= 0) return;
                if (_ended) throw new InvalidOperationException($"`{source}` ended without saying \"{expected}\" but: {_text}");
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"`{source}` did not say \"{expected}\" but: {Text}");
            }
        }
    }

    private void Add(string text)
    {
        TaskCompletionSource changed;
        lock (_text)
        {
            _text.Append(text);
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
