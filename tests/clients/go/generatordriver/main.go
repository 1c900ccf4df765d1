// Uses the API through the Go client of OpenAPI Generator, which checks that required members are present.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"tintero.example/clients/generator"
)

func check(is bool, what ...any) {
	if !is {
		fmt.Fprintln(os.Stderr, what...)
		os.Exit(1)
	}
}

func client(url string) *generator.APIClient {
	configuration := generator.NewConfiguration()
	configuration.Servers = generator.ServerConfigurations{{URL: url}}
	return generator.NewAPIClient(configuration)
}

func main() {
	url, email, password, picture := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	ctx := context.Background()
	api := client(url)
	session, _, err := api.AccountsAPI.OpenSession(ctx).Login(*generator.NewLogin(email, password)).Execute()
	check(err == nil, err)
	signed := context.WithValue(ctx, generator.ContextAccessToken, session.AccessToken)

	slug := fmt.Sprintf("generator-%d", time.Now().UnixNano())
	fresh := generator.NewCreatePost("From Go", "# Hello\n")
	fresh.SetSlug(slug)
	fresh.SetTags([]string{"clients"})
	fresh.SetExtra(map[string]any{"rating": 5, "nested": map[string]any{"a": []any{1, nil}}})
	post, response, err := api.PostsAPI.CreatePost(signed).CreatePost(*fresh).Execute()
	check(err == nil, err)
	check(!post.Live.IsSet() || post.Live.Get() == nil, post.Live)
	first := response.Header.Get("ETag")

	patch := generator.NewPatchPost()
	patch.SetExcerpt("Typed")
	patched, response, err := api.PostsAPI.UpdatePost(signed, post.Id).IfMatch(first).PatchPost(*patch).Execute()
	check(err == nil && patched.GetExcerpt() == "Typed", err)
	second := response.Header.Get("ETag")

	patch.SetExcerpt("Too late")
	_, _, err = api.PostsAPI.UpdatePost(signed, post.Id).IfMatch(first).PatchPost(*patch).Execute()
	stale := problem[generator.StaleProblem](err)
	check(stale.GetConflicts()["excerpt"].Current == "Typed", stale)

	published, _, err := api.PostsAPI.PublishPost(signed, post.Id).IfMatch(second).PublishPost(*generator.NewPublishPost()).Execute()
	check(err == nil && published.Live.Get().Slug == slug, err)

	list, _, err := api.PostsAPI.ListPosts(ctx).Tag([]string{"clients"}).Limit(100).Execute()
	check(err == nil, err)
	found := false
	for _, item := range list.Items {
		found = found || item.LivePostSummary != nil && item.LivePostSummary.Id == post.Id
	}
	check(found, "the post is not in the list")
	live, _, err := api.PostsAPI.GetPostBySlug(ctx, slug).Execute()
	check(err == nil && live.Html != "", err)

	file, err := os.Open(picture)
	check(err == nil, err)
	image, _, err := api.ImagesAPI.UploadImage(signed).File(file).Alt("A picture").Execute()
	check(err == nil && image.Width > 0, err)

	_, response, err = api.PostsAPI.CreatePost(signed).CreatePost(*generator.NewCreatePost("", "x")).Execute()
	check(response.StatusCode == 422, response)
	invalid := problem[generator.InvalidProblem](err)
	check(invalid.GetErrors()[0].GetPointer() == "/title", invalid)
	fmt.Println("ok")
}

// problem returns the typed body of a refusal. The client returns no model for application/problem+json.
func problem[T any](err error) T {
	var body T
	refusal, is := err.(*generator.GenericOpenAPIError)
	check(is, err)
	check(json.Unmarshal(refusal.Body(), &body) == nil, string(refusal.Body()))
	return body
}
