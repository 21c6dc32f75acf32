using Podsharp.Core.Errors;

namespace Podsharp.Registry.Transport;

/// <summary>Small bodies, whole in memory and bounded.</summary>
internal static class Bodies
{
    /// <summary>Reads the body so that it can be read again. InvalidData when it is longer than <paramref name="limit"/> bytes.</summary>
    public static async Task BufferAsync(HttpResponseMessage answer, int limit, CancellationToken cancellationToken)
    {
        // The length said in answer to HEAD is that of a body that doesn't come.
        if (answer.RequestMessage?.Method == HttpMethod.Head) return;
        try
        {
            if (answer.Content.Headers.ContentLength > limit) throw TooLong(answer, limit);
            await answer.Content.LoadIntoBufferAsync(limit, cancellationToken);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            answer.Dispose();
            throw TooLong(answer, limit);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static EngineException TooLong(HttpResponseMessage answer, int limit) =>
        new(ErrorKind.InvalidData, $"{answer.RequestMessage?.RequestUri?.Authority} answered {answer.RequestMessage?.RequestUri?.AbsolutePath} with more than {limit} bytes");
}
