using System.IO.Pipelines;
using System.Text.Json.Serialization.Metadata;

namespace Podsharp.Api.Http;

/// <summary>A reply that is a line of JSON for each value.</summary>
internal sealed class JsonLines<T>(PipeWriter output, JsonTypeInfo<T> type)
{
    public async ValueTask WriteAsync(T value, CancellationToken cancellationToken)
    {
        JsonBody.WriteLine(output, value, type);
        await output.FlushAsync(cancellationToken);
    }
}
