using System.IO.Pipelines;
using System.Text.Json.Serialization.Metadata;

namespace Podsharp.Api.Http;

/// <summary>A reply that is a line of JSON for each value.</summary>
/// <param name="change">What each value is written as; null: as it is.</param>
internal sealed class JsonLines<T>(PipeWriter output, JsonTypeInfo<T> type, Func<T, T>? change = null)
{
    public async ValueTask WriteAsync(T value, CancellationToken cancellationToken)
    {
        JsonBody.WriteLine(output, change is null ? value : change(value), type);
        await output.FlushAsync(cancellationToken);
    }
}
