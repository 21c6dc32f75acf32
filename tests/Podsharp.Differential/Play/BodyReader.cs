using System.Net;
using System.Text;
using Podsharp.Differential.Script;

namespace Podsharp.Differential.Play;

/// <summary>Reads a reply to its end, or an endless one as far as the step wants it.</summary>
public static class BodyReader
{
    public static async Task<byte[]> ReadAsync(Step step, HttpResponseMessage response, Variables variables, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols && step.Input.Length > 0)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(variables.Expand(step.Input)), cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        var body = new MemoryStream();
        var buffer = new byte[65536];
        var lines = 0;
        while (true)
        {
            var read = await ReadSomeAsync(stream, buffer, cancellationToken);
            if (read == 0) return body.ToArray();
            body.Write(buffer, 0, read);
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            if (step.Lines > 0 && lines >= step.Lines) return body.ToArray();
        }
    }

    // An endless stream that falls silent has said what it had to say.
    private static async Task<int> ReadSomeAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
